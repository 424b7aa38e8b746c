using Tarn.Engine.Sessions;
using Tarn.Testing.Lakes;

namespace Tarn.Testing.SqlFiles;

/// <summary>Opens lakes in data folders for <see cref="SessionSqlRunner"/>.</summary>
public static class LakeSqlRunner
{
    /// <summary>A runner over the lake in a folder, which is created when it does not exist.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="trust">What statements may do.</param>
    public static SessionSqlRunner Over(string folder, SessionTrust trust = SessionTrust.Trusted) => new(_ =>
    {
        var lake = LocalLake.Open(folder);
        return Task.FromResult(new SqlSessionLease(lake.Engine.OpenSession(trust), lake.DisposeAsync));
    });
}
