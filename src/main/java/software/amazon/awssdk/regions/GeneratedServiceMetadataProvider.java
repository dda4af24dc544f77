package software.amazon.awssdk.regions;

/**
 * Stands before the SDK's class of the same name. That one knows what is special about each of AWS's 313 services in each region, by a class for each, and is
 * loaded whole to learn for which region a request is signed: a seventh of a cold start (ADR 29). About the services that are called here nothing is special;
 * what the SDK does for a service that it does not know is right for them. {@code ServiceRegionsTest} holds that against the SDK's own table.
 */
public final class GeneratedServiceMetadataProvider implements ServiceMetadataProvider {

    /** Null, as the SDK's interface has it for a service that is not known. */
    @Override
    public ServiceMetadata serviceMetadata(String service) {
        return null;
    }
}
