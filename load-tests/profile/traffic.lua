-- Sends requests made beforehand, one after another. Arguments: a file of raw requests, each behind a line with its
-- length, in which SERIAL stands for ten digits that never come twice; the first number.
local requests, serial = {}, 0

function init(args)
    local file = io.open(args[1], "rb")
    for line in file:lines() do requests[#requests + 1] = file:read(tonumber(line)) end
    file:close()
    serial = tonumber(args[2])
end

function request()
    serial = serial + 1
    return (requests[serial % #requests + 1]:gsub("SERIAL", string.format("%010d", serial)))
end

done = require("result")
