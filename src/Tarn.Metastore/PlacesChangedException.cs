using Tarn.Core.Errors;

namespace Tarn.Metastore;

/// <summary>A table or view came or moved since it was looked whether a place is free: look again.</summary>
/// <param name="message">Where it came.</param>
public sealed class PlacesChangedException(string message) : TarnException(ErrorKind.Conflict, message);
