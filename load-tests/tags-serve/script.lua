-- A container script as a browser asks for it from another site. Arguments: path, Accept-Encoding, entity tag (or none).
local text

function init(args)
    text = "GET " .. args[1] .. " HTTP/1.1\r\nHost: track.shop.test\r\nConnection: keep-alive\r\n"
        .. "sec-ch-ua-platform: \"Windows\"\r\n"
        .. "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n"
        .. "sec-ch-ua: \"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\", \"Google Chrome\";v=\"140\"\r\nsec-ch-ua-mobile: ?0\r\n"
        .. "Accept: */*\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n"
        .. "Referer: https://www.shop.test/\r\nAccept-Encoding: " .. args[2] .. "\r\nAccept-Language: de-CH,de;q=0.9,en;q=0.8\r\n"
    if args[3] and args[3] ~= "" then text = text .. "If-None-Match: " .. args[3] .. "\r\n" end
    text = text .. "\r\n"
end

function request() return text end

done = require("result")
