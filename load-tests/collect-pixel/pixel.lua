-- One page view as a browser sends it: 600 bytes of query, 1.2 kB of request, an event id of its own, one of
-- the visitors (cookies) and one of 400 pages. Arguments: site key, file with one Cookie value a line.
local head, tail, count = {}, {}, 0
local serial, thread = 0, 0

function setup(t) thread = thread + 1; t:set("thread", thread) end

function init(args)
    local site, cookies = args[1], {}
    for line in io.lines(args[2]) do cookies[#cookies + 1] = line end
    math.randomseed(tonumber(args[3] or "1"))
    for i = 1, 2000 do
        local page = math.random(400)
        local query = "site=" .. site .. "&name=pageview&url=https%3A%2F%2Fshop.test%2Fcatalogue%2Fshoes%2Frunning%2Fproduct-" .. page
            .. "%3Futm_source%3Dnewsletter%26utm_medium%3Demail%26utm_campaign%3Dautumn-2026%26utm_content%3Dhero%26size%3D42"
            .. "&referrer=https%3A%2F%2Fwww.google.com%2F&title=Running+shoe+" .. page .. "+%E2%80%93+Shop+Test+%7C+Free+delivery+over+50+EUR"
            .. "&screen=1920x1080&language=de-CH&consent=mp&p.category=shoes%2Frunning&p.price=129.90&p.stock=yes&p.variant=blue-42"
            .. "&p.template=product-detail&p.experiment=pdp-layout-b&p.login=no&p.basket=" .. (page % 5) .. "&p.list=autumn-2026-top-sellers&p.load=412"
        head[i] = "GET /collect.gif?" .. query .. "&id=b" .. (args[3] or "1") .. "-"
        tail[i] = " HTTP/1.1\r\nHost: track.shop.test\r\nConnection: keep-alive\r\n"
            .. "sec-ch-ua: \"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\", \"Google Chrome\";v=\"140\"\r\nsec-ch-ua-mobile: ?0\r\n"
            .. "sec-ch-ua-platform: \"Windows\"\r\n"
            .. "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n"
            .. "Accept: image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8\r\nSec-Fetch-Site: same-site\r\n"
            .. "Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\nReferer: https://shop.test/catalogue/shoes/running/product-" .. page .. "\r\n"
            .. "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: de-CH,de;q=0.9,en;q=0.8\r\n"
            .. "Cookie: " .. cookies[math.random(#cookies)] .. "\r\n\r\n"
    end
    count = #head
end

function request()
    serial = serial + 1
    local i = serial % count + 1
    return head[i] .. serial .. tail[i]
end

done = require("result")
