using System.Diagnostics.CodeAnalysis;

namespace Minions.Extensions.AI.Templates.Values;

/// <summary>Compares keys of a dictionary as Python does: 1, 1.0 and true are one key.</summary>
internal sealed class ValueComparer : IEqualityComparer<Value>
{
    public static ValueComparer Instance { get; } = new();

    public bool Equals(Value? one, Value? other) => ReferenceEquals(one, other) || (one is not null && other is not null && one.Equals(other));

    public int GetHashCode([DisallowNull] Value value) => value.Hash();
}
