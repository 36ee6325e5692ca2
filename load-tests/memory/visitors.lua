-- One page view of a new cookieless visitor a request (the user agent differs). Arguments: site key, first number, count.
local site, serial, last

function init(args)
    site, serial = args[1], tonumber(args[2])
    last = serial + tonumber(args[3])
end

function request()
    serial = serial < last and serial + 1 or tonumber(0)
    return "GET /collect.gif?site=" .. site .. "&url=https%3A%2F%2Fshop.test%2Fpage-" .. (serial % 400) .. " HTTP/1.1\r\nHost: track.shop.test\r\n"
        .. "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Device/" .. serial .. "\r\n\r\n"
end

done = require("result")
