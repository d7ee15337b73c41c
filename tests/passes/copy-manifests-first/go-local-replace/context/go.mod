module example.org/app

require example.org/lib v0.0.0

replace example.org/lib => ./lib
