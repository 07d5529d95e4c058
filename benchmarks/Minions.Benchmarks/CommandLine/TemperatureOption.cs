using System.CommandLine;
using System.Globalization;

namespace Minions.Benchmarks.CommandLine;

/// <summary>The option for a temperature: a finite number of at least 0.</summary>
internal static class TemperatureOption
{
    public static Option<double> Of(double defaultValue)
    {
        const string Name = "--temperature";
        var option = new Option<double>(Name)
        {
            HelpName = "T",
            Description = "What logits are divided by before an id is drawn; 0 is greedy.",
            DefaultValueFactory = _ => defaultValue,
            CustomParser = result => double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out double value) ? value : double.NaN,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out double value) && value >= 0 && double.IsFinite(value)))
                result.AddError($"{Name}: '{result.Tokens[0].Value}' is not a finite number of at least 0.");
        });
        return option;
    }
}
