/** A delivery report as mail servers send it, about a message that left with that return path. */
export function bounceOf(
  returnPath: string,
  recipient: string,
  { status = '5.1.1', said = '550 5.1.1 User unknown', more = '' } = {},
): Buffer {
  return Buffer.from(`Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
To: ${returnPath}
Subject: Undelivered Mail Returned to Sender
Message-ID: <${Math.random().toString(36).slice(2)}@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered. ${more}
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; ${recipient}
Action: failed
Status: ${status}
Diagnostic-Code: smtp; ${said}
--b
Content-Type: text/rfc822-headers

From: hallo@example.com
To: ${recipient}
--b--
`);
}

export function complaintOf(returnPath: string, recipient: string): Buffer {
  return Buffer.from(`From: feedback@provider.example.org
To: ${returnPath}
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

Somebody complained.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
Version: 1
Original-Rcpt-To: ${recipient}
Original-Mail-From: <${returnPath}>
--b--
`);
}
