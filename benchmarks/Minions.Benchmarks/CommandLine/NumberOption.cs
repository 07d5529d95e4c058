using System.CommandLine;

namespace Minions.Benchmarks.CommandLine;

/// <summary>Options that take a whole number from 1 on.</summary>
internal static class NumberOption
{
    /// <summary>Such an option; without a default, <see langword="null"/> is what it gives when left out.</summary>
    public static Option<int?> Of(string name, int? defaultValue, string description)
    {
        var option = new Option<int?>(name) { HelpName = "N", Description = description };
        if (defaultValue is not null)
            option.DefaultValueFactory = _ => defaultValue;
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out int number) || number < 1))
                result.AddError($"{name}: '{result.Tokens[0].Value}' is not a whole number from 1 on.");
        });
        return option;
    }
}
