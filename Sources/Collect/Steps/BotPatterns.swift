/// What programs say of themselves in a user agent: our own list of fragments, in lower case. A fragment that begins or
/// ends with a space asks for the edge of the text or of a word.
enum BotPatterns {
    static let scanner = PatternScanner(
        programs.map { ($0, PatternScanner.Weights(program: 1)) }
            + headless.map { ($0, PatternScanner.Weights(headless: 1)) }
            + people.map { ($0, PatternScanner.Weights(program: -1)) })

    /// Real browsers and apps that hold one of the fragments below once: each takes it back.
    private static let people = [
        "cubot", "(compatible; msie", "(compatible; konqueror", "(compatible; windows", "yandexsearch", "shopping",
        "calendar=", "developerpreview", "baidubox", "baidubrowser", "searchcraft", "researchsoft",
    ]

    /// Browsers under automation that say so.
    private static let headless = [
        "headless", "phantomjs", "slimerjs", "puppeteer", "playwright", "selenium", "webdriver", "htmlunit",
        "casperjs", "splash", "cypress", "nightmare", "prerender",
    ]

    private static let programs = general + crawlers + assistants + libraries + monitors + scanners + previews

    private static let general = [
        "bot", "crawl", "spider", "slurp", "scrap", "archiv", "fetch", "harvest", "+http", "(http", "; http",
        " http:", "@", "mozilla/5.0 (compatible", "gecko; compatible", "index", "useragent/", "validator", "checker",
        "analyz", "search", "feed", "rss/", "rss ", " sitemap",
    ]

    private static let crawlers = [
        "mediapartners-google", "ips-agent", "coccoc/1", "opensource", "postrank", "biglotron", "panscient",
        "apis-google", "googleother", "google-", "google favicon", "appengine", "bingpreview", "baidu", "yandex",
        "sogou", "ia_archiver", "heritrix", "nutch", "teoma", "ichiro", "exabot", "facebookexternal", "meta-external",
        "meta-fetcher", "ahrefs", "semrush", "dotcom", "screaming frog", "netcraft", "wappalyzer", "builtwith",
        "daumoa", "yeti/", "seokicks", "brandwatch", "trendiction", "newspaper", "grapeshot", "ltx71", "turnitin",
    ]

    private static let assistants = [
        "gptbot", "manus-user", "googleagent", "newsai", "bigsur", "chatgpt", "oai-", "openai", "claude", "anthropic",
        "perplexity", "bytespider", "cohere", "diffbot", "mistralai", "duckassist", "youbot", "ai2", "omgili",
        "webzio", "img2dataset", "langchain", "llama", "gemini-",
    ]

    private static let libraries = [
        "curl", "wget", "python", "libwww", "lwp::", "lwp-", "perl", "ruby", "php", "guzzle", "java/", "java-",
        "jakarta", "apache-http", "httpclient", "http-client", "http_request", "go-http", "okhttp", "http_get",
        "pcore-http", "ahc/", "jetty", "http client", "btwebclient", "batch/", "axios", "node-", "node.js", "nodejs",
        "undici", "got (", "got/", "superagent", "needle", "httpx", "aiohttp", "httpie", "urllib", "mechanize",
        "winhttp", "restsharp", "postman", "insomnia", "libcurl", "faraday", "typhoeus", "reqwest", "hyper/", "colly",
        "scrapy", "deno/", "bun/", "wininet", "powershell", "http.rb", "rest-client", "pycurl", "symfony", "drupal",
        "wordpress", "zend_", "eventmachine", "httpunit", "grequests", "fasthttp",
    ]

    private static let monitors = [
        "monitor", "pingdom", "uptime", "statuscake", "site24x7", "newrelic", "datadog", "zabbix", "nagios", "check_",
        "lighthouse", "pagespeed", "gtmetrix", "webpagetest", "catchpoint", "dynatrace", "synthetic", "ruxit",
        "speedcurve", "keycdn", "freshping", "better stack", "checkly", "updown", " ping", "ping/", "pinger",
        "healthcheck", "health check", "kube-probe", "elb-health", "ptst/", "dareboost", "appinsights", "siteimprove",
        "cloudfront", "cloudflare", "upflow", "thousandeyes", "silktide", "monsido", "datanyze", "adbeat", "scope3",
        "sindup", "optimizer", "haproxy", "varnish", "probe",
    ]

    private static let scanners = [
        "nmap", "testssl", "dast", "sitelock", "hardenize", "dcv", "digicert", "zmeu", "explore/", "riskscorer",
        "sqlmap", "nikto", "masscan", "zgrab", "censys", "expanse", "nuclei", "wpscan", "acunetix", "nessus",
        "qualys", "openvas", "dirbuster", "gobuster", "ffuf", "scan", "shodan", "internet-measurement", "inspect",
        "audit",
    ]

    private static let previews = [
        "whatsapp", "viber", "disqus", "bw/1", "bit.ly", "antenna", "metauri", "resolver", "lookup", "skypeuri",
        "slack-", "embedly", "iframely", "preview", "snapchat ads", "flipboardproxy", "outbrain", "pinterest/0",
        "vkshare", "quora link", "redditbot", "tumblr/", "bitly", "xing-contenttab", "proxy", "nuzzel",
        "google web snippet", "feedly", "newsblur", "inoreader", "bazqux", "feedbin", "netvibes", "w3c_", "w3c-",
        "linkcheck", "link check", "broken link", "linkdex", "linkfinder", "link sleuth", "linksleuth", "downloader",
        "getright", "webcopier", "httrack", "webcopy", "sitesucker", "webcapture", "download ninja", "emailwolf",
        "collapsify", "cookiehub", "teleport", "offline explorer", "webzip", "siteexplorer", "seo/", "seokick",
        " seo", "backlink", "plagiar", "translat",
    ]
}
