-- Sends one protocol's typical request again and again. Arguments: a file with the raw request, in which SERIAL stands
-- for ten digits that never come twice, PAGE for three digits and VISITOR for six; the run's number.
local variants, serial = {}, 0

function init(args)
    local file = io.open(args[1], "rb")
    local text = file:read("*a")
    file:close()
    math.randomseed(tonumber(args[2]))
    serial = tonumber(args[2]) * 10000000
    for i = 1, 500 do
        variants[i] = text:gsub("PAGE", tostring(math.random(100, 499))):gsub("VISITOR", tostring(math.random(100000, 100499)))
    end
end

function request()
    serial = serial + 1
    return (variants[serial % #variants + 1]:gsub("SERIAL", string.format("%010d", serial)))
end

done = require("result")
