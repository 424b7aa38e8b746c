using Tarn.Core.Errors;

namespace Tarn.Storage.Faults;

/// <summary>Operations of an object store that can be made to fail.</summary>
public enum StoreOperation
{
    /// <summary>Looking at an object.</summary>
    Head,

    /// <summary>Reading an object or a part of it.</summary>
    Read,

    /// <summary>Storing bytes.</summary>
    Put,

    /// <summary>Removing an object.</summary>
    Delete,

    /// <summary>Listing.</summary>
    List,

    /// <summary>Leasing a local path.</summary>
    Lease,

    /// <summary>Staging a file.</summary>
    Stage,

    /// <summary>Adopting staged files.</summary>
    Adopt,
}

/// <summary>What happens to one call.</summary>
/// <param name="Kind">The kind of error the caller gets.</param>
/// <param name="IsApplied">Whether the operation is carried out before the error is raised: a lost reply.</param>
public sealed record StoreFault(ErrorKind Kind, bool IsApplied = false);
