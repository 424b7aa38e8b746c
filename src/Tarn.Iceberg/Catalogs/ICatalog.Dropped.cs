using Tarn.Core.Errors;

namespace Tarn.Iceberg.Catalogs;

/// <content>
/// What was dropped and can be brought back. A catalog that keeps nothing refuses: that is what the methods do unless they are overridden.
/// </content>
public partial interface ICatalog
{
    /// <summary>Brings back the table that was last dropped under a name, as it was, with everything that belongs to it.</summary>
    /// <param name="name">The name that it had.</param>
    /// <param name="newName">The name that it gets; its namespace must exist.</param>
    /// <param name="cancellationToken">Cancels before anything was changed.</param>
    /// <exception cref="TarnException">NotFound when no table of that name is kept; AlreadyExists when the new name is taken.</exception>
    ValueTask UndropTableAsync(TableIdentifier name, TableIdentifier newName, CancellationToken cancellationToken = default) => throw KeepsNothing(name);

    /// <summary>Brings back the view that was last dropped under a name; as <see cref="UndropTableAsync"/>.</summary>
    ValueTask UndropViewAsync(TableIdentifier name, TableIdentifier newName, CancellationToken cancellationToken = default) => throw KeepsNothing(name);

    private TarnException KeepsNothing(TableIdentifier name) =>
        TarnException.Unsupported($"The catalog '{Name}' cannot bring back '{name}': it keeps nothing of what was dropped. If the files are there, register the table's newest metadata file.");
}
