using System.ComponentModel.DataAnnotations;

namespace Minions.Core;

/// <summary>Refuses a number that an enumeration has no name for. Unlike <see cref="EnumDataTypeAttribute"/> it tells what may be given.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DefinedEnumAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is Enum given && !Enum.IsDefined(given.GetType(), given)
            ? new ValidationResult(
                $"The field {validationContext.DisplayName} is {given} but must be one of {string.Join(", ", Enum.GetNames(given.GetType()))}.",
                [validationContext.MemberName!])
            : ValidationResult.Success;
}
