-- Ten events a request, as a tag's queue sends them: page views, clicks and a form, 3 kB of JSON.
-- Arguments: site key, file with one Cookie value a line, run number.
local bodies, cookies = {}, {}
local serial = 0

-- The body at its places for a number: joining is cheap where searching 3 kB would be most of what wrk does.
local function pieces(body)
    local parts = {}
    for part, mark in body:gmatch("([^@]*)(@?)") do
        parts[#parts + 1] = part
        if mark == "" then break end
    end
    return parts
end

function init(args)
    local site = args[1]
    for line in io.lines(args[2]) do cookies[#cookies + 1] = line end
    math.randomseed(tonumber(args[3] or "1"))
    for i = 1, 500 do
        local events = {}
        for n = 1, 10 do
            local page = math.random(400)
            local name = n == 1 and "pageview" or (n % 3 == 0 and "scroll" or "click")
            events[n] = '{"site":"' .. site .. '","name":"' .. name .. '","id":"q' .. (args[3] or "1") .. "-@-" .. n
                .. '","url":"https://shop.test/catalogue/shoes/product-' .. page
                .. '","title":"Running shoe ' .. page .. '","referrer":"https://shop.test/catalogue","properties":{"element":"add-to-basket","position":' .. n
                .. ',"depth":0.75,"list":"autumn"},"consent":{"measurement":true}}'
        end
        bodies[i] = pieces("[" .. table.concat(events, ",") .. "]")
    end
end

function request()
    serial = serial + 1
    local body = table.concat(bodies[serial % #bodies + 1], tostring(serial))
    return "POST /collect HTTP/1.1\r\nHost: track.shop.test\r\nContent-Type: text/plain\r\nOrigin: https://shop.test\r\n"
        .. "User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15\r\n"
        .. "Cookie: " .. cookies[serial % #cookies + 1] .. "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

done = require("result")
