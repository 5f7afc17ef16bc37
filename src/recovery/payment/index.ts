export { paymentLines, paymentPanel } from './panel-views.ts';
export { publicPaymentRoutes } from './public-routes.ts';
export { paymentRoutes } from './routes.ts';
export { createPayment, type Payment } from './service.ts';
