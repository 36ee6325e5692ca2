/**
 * YouTube's players in the page (`gtm.video`): start, progress, pause, seeking, buffering and the end. YouTube's own
 * API is loaded, from www.youtube.com, when a page has a player that can be spoken to.
 */
import { onElements } from "../changes.js";
import { isOn } from "../flags.js";
import { elementMessage, guarded, isListening } from "../listening.js";
import { isHidden, visibleRatio } from "../sight.js";
import { numbersOf, whenStarted } from "../starting.js";

const apiURL = "https://www.youtube.com/iframe_api";
/** Players that one trigger listens to; later ones are not heard. */
const playersMax = 50;
/** States as YouTube counts them. */
const ended = 0;
const playing = 1;
const paused = 2;
const buffering = 3;

/**
 * True for a player that answers; one that does not is reloaded so that it does, where the trigger wants that.
 *
 * @param {HTMLIFrameElement} frame
 * @param {boolean} fixes
 */
const canSpeak = (frame, fixes) => {
  const url = frame.getAttribute("src") || "";
  if (!/\/\/www\.youtube(-nocookie)?\.com\/embed\//.test(url)) return false;
  if (/[?&]enablejsapi=1/.test(url)) return true;
  if (!fixes) return false;
  const origin = url.includes("origin=") ? "" : "&origin=" + encodeURIComponent(location.origin);
  frame.setAttribute("src", url + (url.includes("?") ? "&" : "?") + "enablejsapi=1" + origin);
  return true;
};

/**
 * What one player does, told to one trigger.
 *
 * @param {import("../types.js").Runtime} runtime
 * @param {import("../types.js").TriggerData} trigger
 * @param {any} settings
 * @param {any} player
 * @param {HTMLIFrameElement} frame
 */
const follow = (runtime, trigger, settings, player, frame) => {
  const wants = isOn(settings.captureProgress);
  const byTime = String(settings.radioButtonGroup1) === "TIME";
  /** @type {{at: number, percent?: number}[]} thresholds that are still to come, in seconds */
  let ahead = [];
  let state = -1;
  let isOpen = false;
  let rate = 1;
  let elapsed = 0;
  let since = 0;
  let position = 0;
  /** @type {any} */
  let timer = 0;

  const duration = () => Number(player.getDuration()) || 0;

  /** Counts the time that was played up to now. */
  const count = () => {
    const now = Date.now();
    if (since) elapsed += ((now - since) / 1000) * rate;
    since = now;
  };

  const tell = (/** @type {string} */ status, /** @type {number=} */ at, /** @type {number=} */ percent) => {
    if (!isListening(runtime, trigger)) return;
    const whole = duration();
    const time = at === undefined ? Number(player.getCurrentTime()) || 0 : at;
    const data = player.getVideoData ? player.getVideoData() : {};
    runtime.push(Object.assign(elementMessage("gtm.video", frame, [trigger]), {
      "gtm.videoProvider": "youtube",
      "gtm.videoStatus": status,
      "gtm.videoUrl": player.getVideoUrl(),
      "gtm.videoTitle": (data && data.title) || "",
      "gtm.videoDuration": Math.round(whole),
      "gtm.videoCurrentTime": Math.round(time),
      "gtm.videoElapsedTime": Math.round(elapsed),
      "gtm.videoPercent": percent === undefined ? Math.round(whole ? (100 * time) / whole : 0) : percent,
      "gtm.videoVisible": !isHidden(frame) && visibleRatio(frame) >= 0.5,
    }));
  };

  /** Sets the clock to the next threshold; those that somebody jumped over are not reached. */
  const schedule = () => {
    clearTimeout(timer);
    const now = Number(player.getCurrentTime()) || 0;
    ahead = ahead.filter((item) => item.at >= now - 0.05);
    const next = ahead[0];
    if (!next || next.at > duration() || rate <= 0) return;
    timer = setTimeout(guarded(() => {
      ahead.shift();
      count();
      tell("progress", next.at, next.percent);
      schedule();
    }), Math.min(Math.max(next.at - now, 0) * 1000 / rate, 2e9));
  };

  const begin = () => {
    isOpen = true;
    elapsed = 0;
    since = 0;
    rate = Number(player.getPlaybackRate()) || 1;
    const whole = duration();
    ahead = !wants ? [] : byTime
      ? numbersOf(settings.progressThresholdsTimeInSeconds).map((at) => ({ at }))
      : numbersOf(settings.progressThresholdsPercent).filter((percent) => percent > 0 && percent < 100)
        .map((percent) => ({ at: (whole * percent) / 100, percent }));
    if (isOn(settings.captureStart)) tell("start");
  };

  const see = guarded((/** @type {number} */ next) => {
    const before = state;
    state = next;
    if (next === playing) {
      if (!isOpen) begin();
      since = Date.now();
      position = Number(player.getCurrentTime()) || 0;
      schedule();
    } else if ((next === paused || next === buffering) && isOpen && before === playing) {
      clearTimeout(timer);
      const moved = (Number(player.getCurrentTime()) || 0) - position;
      const isSeek = Math.abs(((Date.now() - since) / 1000) * rate - moved) > 1;
      count();
      since = 0;
      if (isOn(settings.capturePause)) tell(isSeek ? "seek" : next === paused ? "pause" : "buffering");
    } else if (next === ended && isOpen) {
      clearTimeout(timer);
      count();
      since = 0;
      isOpen = false;
      if (isOn(settings.captureComplete)) tell("complete", duration(), 100);
    } else if (next === -1) {
      clearTimeout(timer);
      isOpen = false;
    }
  });

  player.addEventListener("onStateChange", (/** @type {any} */ event) => see(event.data));
  player.addEventListener("onPlaybackRateChange", guarded((/** @type {any} */ event) => {
    if (state === playing) count();
    rate = Number(event.data) || 1;
    position = Number(player.getCurrentTime()) || 0;
    if (state === playing) schedule();
  }));
  // One that plays already has said so before.
  if (player.getPlayerState && player.getPlayerState() === playing) see(playing);
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const page = /** @type {any} */ (window);
  /** @type {{trigger: import("../types.js").TriggerData, settings: any, seen: WeakSet<Element>, count: number}[]} */
  const listeners = [];
  let isAsked = false;
  let number = 0;

  /**
   * Calls when YouTube's API is there; loads it unless the page does.
   *
   * @param {() => void} action
   */
  const withAPI = (action) => {
    if (page.YT && page.YT.Player) return action();
    if (isAsked) return;
    isAsked = true;
    const before = page.onYouTubeIframeAPIReady;
    page.onYouTubeIframeAPIReady = (/** @type {any[]} */ ...args) => {
      if (before) before(...args);
      guarded(action)();
    };
    const isLoading = [...document.scripts].some((script) => /youtube\.com\/(iframe|player)_api/.test(script.src));
    if (!isLoading) runtime.script(apiURL);
  };

  /** @type {() => void} */
  const find = guarded(() => {
    const frames = [...document.getElementsByTagName("iframe")];
    for (const listener of listeners) {
      for (const frame of frames) {
        if (listener.seen.has(frame) || listener.count >= playersMax) continue;
        if (!canSpeak(frame, isOn(listener.settings.fixMissingApi))) continue;
        if (!(page.YT && page.YT.Player)) return withAPI(find);
        listener.seen.add(frame);
        listener.count++;
        frame.id = frame.id || "highland-video-" + ++number;
        const player = (page.YT.get && page.YT.get(frame.id)) || new page.YT.Player(frame.id);
        follow(runtime, listener.trigger, listener.settings, player, frame);
      }
    }
  });

  runtime.triggers.youTubeVideo = guarded((trigger) => {
    const settings = runtime.resolveAll(trigger[2]);
    whenStarted(settings.triggerStartOption || "DOM_READY", guarded(() => {
      if (listeners.push({ trigger, settings, seen: new WeakSet(), count: 0 }) < 2) onElements(find);
      find();
    }));
  });
};
