namespace Minions.Core.Verification;

/// <summary>
/// Whether a target keeps the promise that speculation does not change one character: bit-identical logits however a text is split into
/// runs of two rows or more.
/// </summary>
/// <param name="IsGuaranteed"><see langword="true"/> when the promise holds for this model on this machine.</param>
/// <param name="Reason">Why it does not hold, or <see langword="null"/> when it does.</param>
public readonly record struct Exactness(bool IsGuaranteed, string? Reason)
{
    /// <summary>The promise holds: a text that differs with and without speculation is a bug.</summary>
    public static Exactness Guaranteed { get; } = new(true, null);

    /// <summary>The promise cannot be made.</summary>
    /// <param name="reason">What stands against it.</param>
    /// <returns>The answer with its reason.</returns>
    public static Exactness NotAvailable(string reason) => new(false, reason);

    /// <inheritdoc/>
    public override string ToString() => IsGuaranteed ? "Guaranteed" : $"NotAvailable({Reason})";
}
