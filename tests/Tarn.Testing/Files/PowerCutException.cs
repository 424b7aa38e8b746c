namespace Tarn.Testing.Files;

/// <summary>The power is off: nothing reaches the disk any more.</summary>
public sealed class PowerCutException() : IOException("The power was cut.");
