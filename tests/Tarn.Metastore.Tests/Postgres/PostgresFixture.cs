using Tarn.Testing.Postgres;

namespace Tarn.Metastore.Tests.Postgres;

/// <summary>One PostgreSQL for all tests of this assembly; each test has a schema of its own.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresFixture : IDisposable, ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";

    /// <summary>Null where PostgreSQL is not installed.</summary>
    public PostgresServer? Server { get; } = PostgresServer.TryStart();

    public void Dispose() => Server?.Dispose();
}
