namespace Minions.Core.Generation;

/// <summary>Why a text ended: a name of which more may come, so compare with those that matter and let the rest be.</summary>
/// <remarks>Two reasons are equal when their <see cref="Value"/> is, ignoring the case of letters (ordinal).</remarks>
public readonly struct FinishReason : IEquatable<FinishReason>
{
    private readonly string? _value;

    /// <summary>Makes a reason of any name.</summary>
    /// <param name="value">The name; neither empty nor white space.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is <see langword="null"/>, empty or white space.</exception>
    public FinishReason(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value;
    }

    /// <summary>The target chose an end token: "end_token".</summary>
    public static FinishReason EndToken { get; } = new("end_token");

    /// <summary>A stop sequence appeared: "stop_sequence".</summary>
    public static FinishReason StopSequence { get; } = new("stop_sequence");

    /// <summary>The request's number of output tokens was reached, or the context is full: "length".</summary>
    public static FinishReason Length { get; } = new("length");

    /// <summary>The reader had enough (<see cref="GenerationStream.Finish"/>): "requested".</summary>
    public static FinishReason Requested { get; } = new("requested");

    /// <summary>The reason's name; "unknown" for the default value, which no text ends with.</summary>
    public string Value => _value ?? "unknown";

    /// <summary>Whether two reasons have the same name, ignoring case.</summary>
    /// <param name="left">One reason.</param>
    /// <param name="right">The other reason.</param>
    /// <returns><see langword="true"/> when they are equal.</returns>
    public static bool operator ==(FinishReason left, FinishReason right) => left.Equals(right);

    /// <summary>Whether two reasons have different names, ignoring case.</summary>
    /// <param name="left">One reason.</param>
    /// <param name="right">The other reason.</param>
    /// <returns><see langword="true"/> when they are not equal.</returns>
    public static bool operator !=(FinishReason left, FinishReason right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(FinishReason other) => StringComparer.OrdinalIgnoreCase.Equals(Value, other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FinishReason other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Value);

    /// <summary>The reason's name.</summary>
    /// <returns><see cref="Value"/>.</returns>
    public override string ToString() => Value;
}
