// Chromium, driven by chromedriver: the few commands of WebDriver that the tests need.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--disable-dev-shm-usage",
];

/** Starts chromedriver on a free port. */
async function driver(path) {
  const child = spawn(path, ["--port=0"], { stdio: ["ignore", "pipe", "ignore"] });
  const port = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`chromedriver ended with ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /started successfully on port (\d+)/.exec(line);
      if (found) resolve(found[1]);
    });
  });
  return { child, base: `http://127.0.0.1:${port}` };
}

/** A browser with a new profile; `close` ends it and removes that. */
export async function chromium({ binary, chromedriver, width = 1100, height = 1000, dark = false }) {
  const profile = await mkdtemp(join(tmpdir(), "leanvm-chromium-"));
  const { child, base } = await driver(chromedriver);
  const send = async (method, path, body) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const { value } = await response.json();
    if (value?.error) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value;
  };
  const args = [...FLAGS, `--user-data-dir=${profile}`, `--window-size=${width},${height}`];
  if (dark) args.push("--force-dark-mode", "--blink-settings=preferredColorScheme=0");
  const end = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill();
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  let session;
  try {
    const { sessionId } = await send("POST", "/session", {
      capabilities: {
        alwaysMatch: {
          browserName: "chrome",
          "goog:chromeOptions": { binary, args },
          "goog:loggingPrefs": { browser: "ALL" },
        },
      },
    });
    session = `/session/${sessionId}`;
  } catch (error) {
    await end();
    throw error;
  }
  const find = async (selector) => {
    const found = await send("POST", `${session}/element`, {
      using: "css selector",
      value: selector,
    });
    return `${session}/element/${found[ELEMENT]}`;
  };
  return {
    open: (url) => send("POST", `${session}/url`, { url }),
    click: async (selector) => send("POST", `${await find(selector)}/click`, {}),
    /** Chooses files of a file input. */
    choose: async (selector, paths) =>
      send("POST", `${await find(selector)}/value`, { text: paths.join("\n") }),
    /** The value of a function, which runs in the page; a promise is waited for. */
    run: (work, ...args_) =>
      send("POST", `${session}/execute/sync`, {
        script: `return (${work})(...arguments)`,
        args: args_,
      }),
    /** What the browser has logged since the last time. */
    log: () => send("POST", `${session}/se/log`, { type: "browser" }),
    cdp: (cmd, params = {}) => send("POST", `${session}/goog/cdp/execute`, { cmd, params }),
    async close() {
      await send("DELETE", session).catch(() => {});
      await end();
    },
  };
}
