using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>A change of view metadata as data (REST specification, <c>ViewUpdate</c>).</summary>
public abstract record ViewUpdate
{
    /// <summary>Stands for the schema or version that an earlier update of the same commit added.</summary>
    public const int LastAdded = -1;

    private ViewUpdate()
    {
    }

    /// <summary>Gives the view its uuid.</summary>
    public sealed record AssignUuid(Guid Uuid) : ViewUpdate;

    /// <summary>Raises the format version.</summary>
    public sealed record UpgradeFormatVersion(int FormatVersion) : ViewUpdate;

    /// <summary>Adds a schema.</summary>
    public sealed record AddSchema(Schema Schema) : ViewUpdate;

    /// <summary>Moves the base location.</summary>
    public sealed record SetLocation(string Location) : ViewUpdate;

    /// <summary>Sets properties.</summary>
    public sealed record SetProperties(IReadOnlyDictionary<string, string> Updates) : ViewUpdate;

    /// <summary>Removes properties.</summary>
    public sealed record RemoveProperties(IReadOnlyList<string> Removals) : ViewUpdate;

    /// <summary>Adds a version; its schema id may be <see cref="LastAdded"/>.</summary>
    public sealed record AddViewVersion(ViewVersion ViewVersion) : ViewUpdate;

    /// <summary>Makes a version current; <see cref="LastAdded"/> is allowed.</summary>
    public sealed record SetCurrentViewVersion(int ViewVersionId) : ViewUpdate;
}

/// <summary>What must hold for a commit to a view (REST specification, <c>ViewRequirement</c>): the view has this uuid.</summary>
public sealed record AssertViewUuid(Guid Uuid)
{
    /// <summary>Checks the requirement against the present state; null when there is no view.</summary>
    /// <exception cref="CommitConflictException">It does not hold.</exception>
    public void Validate(ViewMetadata? metadata)
    {
        if (metadata?.ViewUuid != Uuid)
            throw new CommitConflictException($"Requirement failed: view uuid expected {Uuid}, found {metadata?.ViewUuid.ToString() ?? "no view"}.");
    }
}
