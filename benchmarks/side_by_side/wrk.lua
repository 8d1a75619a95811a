-- Asks for the address given to wrk, or, one after the other, for the paths in a file; and says in
-- one line of JSON what came of it. After `--` come "count", to count the answers that were not kept
-- ready (X-Cache), which takes time, or "-"; and the name of that file.

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  if args[1] == "count" then
    others = 0
    response = function(_, headers)
      if headers["X-Cache"] ~= "hit" then
        others = others + 1
      end
    end
  end
  if not args[2] then
    return
  end
  local requests = {}
  for path in io.lines(args[2]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
  local asked = 0
  request = function()
    asked = asked % #requests + 1
    return requests[asked]
  end
end

function done(summary, latency)
  local errors = summary.errors
  local all_others = 0
  for _, thread in ipairs(threads) do
    all_others = all_others + (thread:get("others") or 0)
  end
  io.write(string.format(
    'summary {"requests": %d, "bytes": %d, "microseconds": %d, "p50": %d, "p99": %d, '
      .. '"connect": %d, "read": %d, "write": %d, "timeout": %d, "status": %d, "others": %d}\n',
    summary.requests, summary.bytes, summary.duration,
    latency:percentile(50), latency:percentile(99),
    errors.connect, errors.read, errors.write, errors.timeout, errors.status, all_others
  ))
end
