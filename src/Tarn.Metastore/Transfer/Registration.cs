using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Transfer;

/// <summary>What became of a table or view that was to be registered.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsView">Whether it is a view.</param>
/// <param name="MetadataLocation">Its metadata file; empty when that is not known.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why it was not registered; empty when it was.</param>
public sealed record Registration(TableIdentifier Name, bool IsView, string MetadataLocation, RegistrationOutcome Outcome, string Reason = "");

/// <summary>What became of a name.</summary>
public enum RegistrationOutcome
{
    /// <summary>It is registered now.</summary>
    Registered,

    /// <summary>It would be registered: this was a rehearsal.</summary>
    Planned,

    /// <summary>It was registered before, with the same metadata file.</summary>
    Present,

    /// <summary>Something else has the name; nothing was changed.</summary>
    Taken,

    /// <summary>It is of another format than Iceberg and was left out.</summary>
    Foreign,

    /// <summary>It could not be registered.</summary>
    Failed,
}
