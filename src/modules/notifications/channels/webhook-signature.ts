import { createHmac } from 'node:crypto';

export const SIGNATURE_HEADER = 'X-Dsim-Signature';
export const DELIVERY_HEADER = 'X-Dsim-Delivery';

/**
 * `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, as Stripe does it: the signed time lets receivers refuse what
 * was recorded and replayed.
 */
export function signatureOf(secret: string, body: string, unixSeconds: number): string {
  const mac = createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex');
  return `t=${unixSeconds},v1=${mac}`;
}
