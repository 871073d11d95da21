(function (tools {
