-- Sends requests made beforehand, one after another. Arguments: a file of raw requests, each behind a line with its
-- length, in which SERIAL stands for eight digits that never come twice; the first number.
local requests, serial = {}, 0

function init(args)
    local file = io.open(args[1], "rb")
    for line in file:lines() do requests[#requests + 1] = file:read(tonumber(line)) end
    file:close()
    serial = tonumber(args[2])
end

function request()
    serial = serial + 1
    return (requests[serial % #requests + 1]:gsub("SERIAL", string.format("%08d", serial % 100000000)))
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration,
        errors.connect + errors.read + errors.write + errors.timeout, errors.status,
        latency:percentile(50), latency:percentile(99)))
end
