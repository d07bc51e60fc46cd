// What waits for a node's death to be forgotten, and for nodes to start, waits side by side.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
