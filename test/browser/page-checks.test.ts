// The checks of pages find what they are for: a page with every fault, and one without.
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { launchBrowser, openTab, type Tab } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { axeFindings, bringAxe, keyboardFindings, layoutFindings } from './page-checks.js';

const style = `<style>a, button { display: inline-block; min-width: 44px; min-height: 44px } button:focus { outline: 3px solid }
  .small { min-height: 20px } .unseen:focus { outline: none } .lid { position: fixed; inset: 0; background: #fff }</style>`;
const head = `<!doctype html><html lang="en"><title>Page</title>${style}<h1>Page</h1>`;

const pages: { [path: string]: string } = {
  '/good': `${head}<button>One</button><p>In a <a style="display: inline" href="/">sentence</a></p>`,
  '/group': `${head}<style>label { display: block; min-height: 44px; min-width: 44px }</style><form>
    <label><input type="radio" name="one" style="outline-offset: 1px">One</label><label><input type="radio" name="one" checked>Two</label></form>`,
  '/headings': `${head}<h1>Again</h1>`,
  '/wide': `${head}<div style="width: 2000px">Wide</div>`,
  '/small': `${head}<button class="small">Small</button>`,
  '/alt': `${head}<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">`,
  '/pale': `${head}<p style="color: #ccc; background: #fff">Pale</p>`,
  '/unseen': `${head}<button class="unseen">Unseen</button>`,
  '/lid': `${head}<button>Below</button><div class="lid"></div>`,
  '/trap': `${head}<button>One</button><button tabindex="-1">Two</button>`,
};

describe('the checks of pages', () => {
  let browser: Browser;
  let server: Server;
  let url: string;
  let tab: Tab;
  before(async () => {
    browser = await launchBrowser();
    server = createServer((req, res) => {
      const headers = { 'content-type': 'text/html' };
      if (req.url === '/policy') {
        res.writeHead(200, { ...headers, 'content-security-policy': "script-src 'none'; img-src 'none'" });
        res.end(`${head}<script>alert(1)</script><img alt="" src="/image">`);
      } else if (req.url === '/broken') {
        res.writeHead(200, headers).end(`${head}<link rel="stylesheet" href="/missing"><script>missing()</script>`);
      } else {
        const page = pages[req.url ?? ''];
        res.writeHead(page === undefined ? 404 : 200, headers).end(page);
      }
    }).listen(0, 'localhost');
    await new Promise((listening) => server.once('listening', listening));
    url = `http://localhost:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });
  beforeEach(async () => {
    tab = await openTab(browser, { viewport: { width: 320, height: 600 } });
    await bringAxe(tab.context);
  });
  afterEach(() => tab.context.close());

  for (const [path, expected] of [
    ['/good', []],
    ['/group', []],
    ['/headings', ['not exactly one h1']],
    ['/wide', ['scrolls sideways']],
    ['/small', ['target of']],
    ['/alt', ['axe image-alt']],
    ['/pale', ['axe color-contrast']],
    ['/unseen', ['focus cannot be seen']],
    ['/lid', ['focused, but obscured']],
    ['/trap', ['not reached by Tab: <button tabindex="-1">']],
  ] as const) {
    it(`say of ${path}: ${expected.join() || 'nothing'}`, async () => {
      await tab.page.goto(url + path);
      const found = [
        ...(await layoutFindings(tab.page)),
        ...(await axeFindings(tab.page)),
        ...(await keyboardFindings(tab.page)),
      ];
      expect(found, found.join('\n')).to.have.length(expected.length);
      expected.forEach((each, at) => expect(found[at]).to.include(each));
      expect(tab.problems).to.deep.equal([]);
    });
  }

  it('hear of violations of the policy, scripts that fail, and files that are missing', async () => {
    await tab.page.goto(`${url}/policy`);
    const told = () => expect(tab.problems.join('\n'));
    await eventually(async () => told().to.include('CSP: script-src').and.include('CSP: img-src'));
    await tab.page.goto(`${url}/broken`);
    await eventually(async () => told().to.include(' 404 ').and.include('missing is not defined'));
  });

  it('hear of requests to other hosts', async () => {
    await tab.page.goto(`${url}/good`);
    await tab.page.evaluate(() => fetch('http://127.0.0.1:9/').catch(() => undefined));
    await eventually(async () => expect(tab.problems.join('\n')).to.include('asks http://127.0.0.1:9/'));
  });
});
