using Tarn.Access.Trails;

namespace Tarn.Access.Auditing;

/// <summary>How the audit trail is kept.</summary>
public sealed record AuditOptions : TrailOptions
{
    /// <summary>Name of the folder beside the data.</summary>
    public const string FolderName = ".audit";
}
