namespace Tarn.DuckDb.Tests;

/// <summary>One instance in memory for the tests of a class, and a fresh connection for each.</summary>
public sealed class DatabaseFixture : IDisposable
{
    public DuckDbDatabase Database { get; } = DuckDbDatabase.Open(settings: new Dictionary<string, string> { ["threads"] = "2" });

    public void Dispose() => Database.Dispose();
}
