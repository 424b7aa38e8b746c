using Tarn.Core.Errors;

namespace Tarn.Catalog.Hive;

/// <summary>What a user sets about the Hive Metastore door, and what it says of its installation.</summary>
public sealed record HiveOptions
{
    /// <summary>Below which location databases lie whose creator names none, e.g. <c>s3://lake</c>.</summary>
    public required string WarehouseLocation { get; init; }

    /// <summary>
    /// Whether connections from this machine that do not authenticate act as the role <see cref="LocalRole"/>. True by default: most clients cannot
    /// authenticate.
    /// </summary>
    public bool AllowsAnonymous { get; init; } = true;

    /// <summary>How long a lock lives without a sign of its holder. Five minutes by default, as in Hive; clients send a sign every four.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an idle connection is kept. One hour by default: clients keep one open for as long as they live.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The role that connections without authentication act as.</summary>
    public const string LocalRole = "hive_local";

    /// <summary>Checks every value.</summary>
    /// <exception cref="TarnException">InvalidRequest, naming all that is wrong.</exception>
    public void Validate()
    {
        List<string> wrong = [];
        if (LockTimeout < TimeSpan.FromSeconds(1) || LockTimeout > TimeSpan.FromDays(1))
            wrong.Add($"lock timeout {LockTimeout} is not between one second and one day");
        if (KeepAlive < TimeSpan.FromSeconds(1))
            wrong.Add($"keep-alive {KeepAlive} is shorter than one second");
        if (wrong.Count > 0)
            throw TarnException.Invalid($"The settings of the Hive Metastore door are wrong: {string.Join("; ", wrong)}.");
    }
}
