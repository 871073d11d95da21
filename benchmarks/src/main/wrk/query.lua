-- Asks the view by-city for one term: five rows.
dofile(os.getenv("MILLRACE_WRK") .. "/common.lua")

local cities = math.max(1, math.floor(documents / per_city))

function request()
  return send("GET", string.format("/bench/_query/by-city?term=%%22city-%08d%%22",
    math.random(0, cities - 1)))
end
