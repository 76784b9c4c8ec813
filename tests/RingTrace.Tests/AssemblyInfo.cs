using Xunit;

// Providers and recorders are the process's: a test that counts events must be alone with them.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
