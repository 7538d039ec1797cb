import { chromium, type Browser, type Page } from 'playwright-core';
import { ADMIN_PASSWORD, type Product } from './product.js';

export type { Page } from 'playwright-core';

/** A real browser without a window, and what its pages complained about. */
export class TestBrowser {
  /** Errors that reached a page's console or nobody at all. */
  readonly complaints: string[] = [];

  private constructor(private readonly browser: Browser) {}

  static async start(binary: string): Promise<TestBrowser> {
    // Containers seldom let a browser make namespaces, and a test opens no page but ours.
    return new TestBrowser(await chromium.launch({ executablePath: binary, args: ['--no-sandbox'] }));
  }

  /** A page of its own, with cookies and storage of its own, whose user is signed in. */
  async signIn(product: Product, { width = 1400, username = 'admin', password = ADMIN_PASSWORD } = {}): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width, height: 900 },
      locale: 'en-GB',
      timezoneId: 'Asia/Tokyo',
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      // A refused request is no fault of the page; the server's answer is what the page shows.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        this.complaints.push(message.text());
    });
    await page.goto(product.url);
    await page.getByLabel('User name').fill(username);
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    return page;
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}
