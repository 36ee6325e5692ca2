-- What every script of wrk prints in the end, for `harness.wrk`: requests, microseconds, errors of connections, answers that are
-- neither 2xx nor 3xx, and the 50th and 99th percentile of the latency in microseconds.
return function(summary, latency)
    local errors = summary.errors
    io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration,
        errors.connect + errors.read + errors.write + errors.timeout, errors.status,
        latency:percentile(50), latency:percentile(99)))
end
