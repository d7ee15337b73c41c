FROM haskell:9
RUN cabal update
