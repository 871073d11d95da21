-- What all load scripts share. A script defines request() and answers send(...).
--
-- MILLRACE_NO_OP=1 sends the same requests, made with the same effort, to the resource that does
-- nothing, so that both sides of a comparison cost the load generator the same.

local threads = 0

function setup(thread)
  thread:set("thread_number", threads)
  threads = threads + 1
end

run = os.getenv("MILLRACE_RUN") or "0"
documents = tonumber(os.getenv("MILLRACE_DOCUMENTS") or "1000000")
buckets = tonumber(os.getenv("MILLRACE_BUCKETS") or "10000")
per_city = tonumber(os.getenv("MILLRACE_PER_CITY") or "5")

local no_op = os.getenv("MILLRACE_NO_OP") == "1"

function init(arguments)
  math.randomseed(tonumber(run) * 64 + thread_number + 1)
end

function send(method, path, body)
  if no_op then
    path = "/_system/no-op"
  end
  return wrk.format(method, path, nil, body)
end

-- A body of 200 bytes, as SampleDocuments makes them.
function document(number)
  local head = string.format('{"name":"name-%08d","city":"city-%08d","year":1970,"open":true,"text":"',
    number % 100000000, number % 200000)
  return head .. string.rep("water ", 40):sub(1, 200 - #head - 2) .. '"}'
end

function done(summary, latency, requests)
  local failed = summary.errors
  io.write(string.format(
    '\nmillrace-result {"requests":%d,"micros":%d,"bytes":%d,"status_errors":%d,"socket_errors":%d,' ..
    '"p50":%d,"p90":%d,"p99":%d,"p999":%d,"max":%d}\n',
    summary.requests, summary.duration, summary.bytes, failed.status,
    failed.connect + failed.read + failed.write + failed.timeout,
    latency:percentile(50), latency:percentile(90), latency:percentile(99),
    latency:percentile(99.9), latency.max))
end
