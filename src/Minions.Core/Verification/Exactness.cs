namespace Minions.Core.Verification;

/// <summary>
/// Whether a target keeps the promise that speculation does not change one character: bit-identical logits however a text is split into
/// runs of two rows or more. Immutable.
/// </summary>
public sealed class Exactness
{
    private Exactness(string? reason) => Reason = reason;

    /// <summary>The promise holds: a text that differs with and without speculation is a bug.</summary>
    public static Exactness Guaranteed { get; } = new(null);

    /// <summary>Whether the promise holds for this model on this machine.</summary>
    public bool IsGuaranteed => Reason is null;

    /// <summary>Why the promise does not hold, or <see langword="null"/> when it does.</summary>
    public string? Reason { get; }

    /// <summary>The promise cannot be made.</summary>
    /// <param name="reason">What stands against it; neither empty nor white space.</param>
    /// <returns>The answer with its reason.</returns>
    /// <exception cref="ArgumentException"><paramref name="reason"/> is <see langword="null"/>, empty or white space.</exception>
    public static Exactness NotAvailable(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new Exactness(reason);
    }

    /// <inheritdoc/>
    public override string ToString() => IsGuaranteed ? "Guaranteed" : $"NotAvailable({Reason})";
}
