using System.Collections;
using System.Globalization;
using System.Reflection;
using Minions.Core.Generation;
using Minions.Core.Sampling;

namespace Minions.Docs.Tests.Options;

/// <summary>How the reference writes types and defaults.</summary>
internal static class OptionText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(ulong)] = "ulong",
    };

    /// <summary>The type of a property, as C# writes it.</summary>
    public static string TypeOf(PropertyInfo property) => Write(new NullabilityInfoContext().Create(property));

    /// <summary>The value that a property has when nothing was set.</summary>
    public static string DefaultOf(object? value) => value switch
    {
        null => "`null`",
        string text => $"`\"{text}\"`",
        bool flag => flag ? "`true`" : "`false`",
        TimeProvider when value == TimeProvider.System => "`TimeProvider.System`",
        TokenSelector when value == TokenSelector.Greedy => "`TokenSelector.Greedy`",
        GenerationOptions { MaxOutputTokens: 1024 } options when options == new GenerationOptions { MaxOutputTokens = 1024 } => "its defaults, with `MaxOutputTokens` 1024",
        IEnumerable values when !values.Cast<object>().Any() => "empty",
        IFormattable plain => $"`{plain.ToString(null, CultureInfo.InvariantCulture)}`",
        _ when value.GetType().Name.EndsWith("Options", StringComparison.Ordinal) => "its defaults",
        _ => throw new NotSupportedException($"How is the default '{value}' written?"),
    };

    private static string Write(NullabilityInfo type)
    {
        if (Nullable.GetUnderlyingType(type.Type) is { } underlying)
            return $"{Name(underlying)}?";

        string name = type.GenericTypeArguments is { Length: > 0 } arguments ? $"{type.Type.Name.Split('`')[0]}<{string.Join(", ", arguments.Select(Write))}>" : Name(type.Type);
        return type.ReadState == NullabilityState.Nullable ? $"{name}?" : name;
    }

    private static string Name(Type type) => Keywords.GetValueOrDefault(type, type.Name);
}
