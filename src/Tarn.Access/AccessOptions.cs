using Tarn.Access.Auditing;
using Tarn.Access.Identities;

namespace Tarn.Access;

/// <summary>Where identity keeps its files, and its seams.</summary>
public sealed record AccessOptions
{
    /// <summary>The data folder, absolute: master keys lie in its <c>.keys</c>, the audit trail in its <c>.audit</c>.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Who administers through this object, for history and audit. Default: <c>local:</c> and the user of the operating system.</summary>
    public string Principal { get; init; } = "local:" + Environment.UserName;

    /// <summary>How the audit trail is kept.</summary>
    public AuditOptions Audit { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where ids and secrets come from.</summary>
    public IRandomSource Random { get; init; } = SystemRandom.Instance;
}
