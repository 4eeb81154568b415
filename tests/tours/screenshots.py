"""Pictures of the desks, taken by a headless Chromium over its debugging protocol.

    python tests/tours/screenshots.py --url http://127.0.0.1:8069 --db NAME --login LOGIN --password SECRET \
        --out docs/images advisor=/odoo/action-aftersales_service.action_desk_advisor …

Each page is taken at desktop (1400 px) and phone width (390 px); `--click SELECTOR` clicks before the picture.
"""

import argparse
import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import requests
import websocket

WIDTHS = {'desktop': (1400, 900, False), 'phone': (390, 844, True)}


class Chromium:
    """A browser with one page; `call` sends one command and waits for its answer."""

    def __init__(self):
        binary = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
        if not binary:
            raise SystemExit("No Chromium on PATH.")
        self.profile = tempfile.mkdtemp(prefix='screenshots')
        self.process = subprocess.Popen(
            [
                binary,
                '--headless=new',
                '--no-sandbox',
                '--disable-gpu',
                '--hide-scrollbars',
                '--remote-debugging-port=0',
                '--remote-allow-origins=*',
                f'--user-data-dir={self.profile}',
                '--lang=zh-CN',
                'about:blank',
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port_file = Path(self.profile) / 'DevToolsActivePort'
        for _ in range(100):
            if port_file.is_file() and port_file.read_text().strip():
                break
            time.sleep(0.1)
        port = port_file.read_text().split()[0]
        pages = json.load(urllib.request.urlopen(f'http://127.0.0.1:{port}/json'))
        target = next(page for page in pages if page['type'] == 'page')
        self.socket = websocket.create_connection(target['webSocketDebuggerUrl'], timeout=60)
        self.sequence = 0
        self.complaints = []
        self.call('Runtime.enable')

    def _note(self, event):
        """Keep what the page complains about."""
        params = event.get('params', {})
        if event.get('method') == 'Runtime.exceptionThrown':
            details = params['exceptionDetails']
            self.complaints.append(details.get('exception', {}).get('description') or details['text'])
        elif event.get('method') == 'Runtime.consoleAPICalled' and params['type'] == 'error':
            text = ' '.join(str(arg.get('value') or arg.get('description')) for arg in params['args'])
            if 'selfie_segmentation' not in text:
                self.complaints.append(text)

    def call(self, method, **params):
        self.sequence += 1
        self.socket.send(json.dumps({'id': self.sequence, 'method': method, 'params': params}))
        while True:
            answer = json.loads(self.socket.recv())
            self._note(answer)
            if answer.get('id') == self.sequence:
                if 'error' in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer['result']

    def evaluate(self, expression):
        result = self.call('Runtime.evaluate', expression=expression, awaitPromise=True, returnByValue=True)
        return result['result'].get('value')

    def wait_for(self, condition, seconds=20):
        until = time.time() + seconds
        while time.time() < until:
            if self.evaluate(f'Boolean({condition})'):
                return True
            time.sleep(0.25)
        return False

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.profile, ignore_errors=True)


def session_of(url, db, login, password):
    """Return the session cookie of a user."""
    answer = requests.post(
        f'{url}/web/session/authenticate',
        json={'jsonrpc': '2.0', 'params': {'db': db, 'login': login, 'password': password}},
        timeout=60,
    )
    if not answer.json().get('result', {}).get('uid'):
        raise SystemExit(
            f"{login} cannot log in to {db}: {answer.json().get('error', {}).get('data', {}).get('message')}"
        )
    return answer.cookies['session_id']


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--url', default='http://127.0.0.1:8069')
    parser.add_argument('--db', required=True)
    parser.add_argument('--login', default='admin')
    parser.add_argument('--password', default='admin')
    parser.add_argument('--out', type=Path, default=Path('docs/images'))
    parser.add_argument('--ready', default='.o_as_desk, .o_form_view, .o_list_view')
    parser.add_argument('--click', action='append', default=[], help="selector, or JavaScript after “js:”")
    parser.add_argument('--only', choices=WIDTHS)
    parser.add_argument('pages', nargs='+', help="name=/path")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    cookie = session_of(arguments.url, arguments.db, arguments.login, arguments.password)
    browser = Chromium()
    try:
        browser.call('Network.setCookie', name='session_id', value=cookie, url=arguments.url)
        for page in arguments.pages:
            name, path = page.split('=', 1)
            for device, (width, height, mobile) in WIDTHS.items():
                if arguments.only and device != arguments.only:
                    continue
                browser.call(
                    'Emulation.setDeviceMetricsOverride',
                    width=width,
                    height=height,
                    deviceScaleFactor=1,
                    mobile=mobile,
                )
                browser.call('Emulation.setTouchEmulationEnabled', enabled=mobile)
                browser.call('Page.navigate', url='about:blank')
                browser.call('Page.navigate', url=arguments.url + path)
                found = browser.wait_for(f'document.querySelector({json.dumps(arguments.ready)})')
                time.sleep(1)
                for click in arguments.click:
                    if click.startswith('js:'):
                        browser.evaluate(click[3:])
                    else:
                        browser.wait_for(f'document.querySelector({json.dumps(click)})', 10)
                        browser.evaluate(f'document.querySelector({json.dumps(click)})?.click()')
                    time.sleep(1.2)
                picture = browser.call('Page.captureScreenshot', format='png')
                target = arguments.out / f'{name}_{device}.png'
                target.write_bytes(base64.b64decode(picture['data']))
                print(target, '' if found else '(the page did not get ready)')
                for complaint in browser.complaints:
                    print('   ', complaint[:1500])
                browser.complaints.clear()
    finally:
        browser.close()


if __name__ == '__main__':
    main()
