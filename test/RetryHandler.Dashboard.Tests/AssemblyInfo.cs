// One page at a time: the figures are those of the machine, which the pages would otherwise share.
[assembly: NonParallelizable]
