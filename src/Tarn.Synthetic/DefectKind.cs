namespace Tarn.Synthetic;

/// <summary>What is wrong with a row of a dirty dataset. A row has at most one defect, in the column that <see cref="Dataset.DefectColumns"/> names.</summary>
public enum DefectKind
{
    /// <summary>The row is clean.</summary>
    None,

    /// <summary>The row repeats, byte for byte, the nearest clean row before it.</summary>
    Duplicate,

    /// <summary>A required value is missing: an empty field in CSV, <c>null</c> in JSON.</summary>
    MissingValue,

    /// <summary>A date or time that no calendar knows, or no date at all.</summary>
    BadDate,

    /// <summary>A known word in the wrong case.</summary>
    MixedCase,

    /// <summary>Blanks before or after a known word.</summary>
    StrayBlanks,

    /// <summary>Text where a number belongs.</summary>
    WrongNumber,

    /// <summary>A word that the vocabulary of its column does not hold.</summary>
    UnknownCategory,
}
