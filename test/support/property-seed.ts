import fc from 'fast-check';

// Where every change is checked, the same examples each time: what fails there is the change's own fault.
// New examples are looked for on the machines of those who work on it.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_121 });
