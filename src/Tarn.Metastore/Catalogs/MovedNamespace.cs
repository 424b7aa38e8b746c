using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs;

/// <summary>A namespace that comes to lie somewhere.</summary>
/// <param name="Name">The namespace.</param>
/// <param name="Folder">The folder that its tables get their places in.</param>
/// <param name="NaturalFolder">The one that it would have by its name alone.</param>
internal sealed record MovedNamespace(Namespace Name, string Folder, string NaturalFolder);
