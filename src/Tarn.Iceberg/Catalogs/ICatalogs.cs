namespace Tarn.Iceberg.Catalogs;

/// <summary>The catalogs that can be addressed by name: one for each warehouse, and for each branch of it as <c>name@branch</c>.</summary>
public interface ICatalogs
{
    /// <summary>The catalog that a name without catalog means.</summary>
    ICatalog Default { get; }

    /// <summary>Names of all catalogs without their branches, in ordinal order.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>The catalog of a name, exactly, or null when there is none.</summary>
    ValueTask<ICatalog?> FindAsync(string name, CancellationToken cancellationToken = default);
}

/// <summary>Catalogs that are known from the start.</summary>
/// <param name="catalogs">At least one; the first is the default.</param>
public sealed class FixedCatalogs(params IReadOnlyList<ICatalog> catalogs) : ICatalogs
{
    /// <inheritdoc/>
    public ICatalog Default => catalogs[0];

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IReadOnlyList<string>>([.. catalogs.Select(c => c.Name).Order(StringComparer.Ordinal)]);

    /// <inheritdoc/>
    public ValueTask<ICatalog?> FindAsync(string name, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(catalogs.FirstOrDefault(c => c.Name == name));
}
