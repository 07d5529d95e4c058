using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Minions.Core;

/// <summary>Says what is wrong with options, each by its path.</summary>
internal static class OptionFaults
{
    /// <summary>Words a fault that no attribute can tell, as attributes word theirs.</summary>
    /// <param name="context">What the options' own validation is called with.</param>
    /// <param name="option">The option's name.</param>
    /// <param name="fault">What it is and what to do, without a full stop.</param>
    public static ValidationResult Fault(this ValidationContext context, string option, string fault)
    {
        // Generated validators name this call as they name a property: by the path of the options that it is about.
        string path = context.DisplayName[..(context.DisplayName.LastIndexOf('.') + 1)];
        return new ValidationResult($"The field {path}{option} {fault}.", [option]);
    }

    /// <summary>Refuses options that are used without a container.</summary>
    /// <exception cref="ArgumentException">Options are out of their ranges or contradict each other; the message names all of them.</exception>
    public static void ThrowIfInvalid<TOptions>(this IValidateOptions<TOptions> validator, TOptions options)
        where TOptions : class
    {
        if (validator.Validate(null, options) is { Failed: true, Failures: { } faults })
            throw new ArgumentException(string.Join(" ", faults), nameof(options));
    }
}
