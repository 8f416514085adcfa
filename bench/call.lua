-- wrk's script: one tools/call for each request, each with an id of its own.
-- Arguments: the two halves of the message, the session, the token.
local before, after, headers
local id = 1000

function init(args)
  before, after = args[1], args[2]
  headers = {
    ["Content-Type"] = "application/json",
    ["Accept"] = "application/json, text/event-stream",
    ["MCP-Protocol-Version"] = "2025-11-25",
    ["Mcp-Session-Id"] = args[3],
    ["Authorization"] = "Bearer " .. args[4],
  }
end

function request()
  id = id + 1
  return wrk.format("POST", nil, headers, before .. id .. after)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"calls":%d,"seconds":%f,"p50":%d,"p99":%d,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
