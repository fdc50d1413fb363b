// Made by console/models.py from the service models; change nothing here.

export interface Operations {
  LookupEvents: [LookupEventsRequest, LookupEventsResponse];
}

export interface Event {
  EventId?: string;
  EventName?: string;
  ReadOnly?: string;
  AccessKeyId?: string;
  EventTime?: number;
  EventSource?: string;
  Username?: string;
  Resources?: Resource[];
  CloudTrailEvent?: string;
}

export interface LookupAttribute {
  AttributeKey: LookupAttributeKey;
  AttributeValue: string;
}

export interface LookupEventsRequest {
  LookupAttributes?: LookupAttribute[];
  StartTime?: number;
  EndTime?: number;
  EventCategory?: EventCategory;
  MaxResults?: number;
  NextToken?: string;
}

export interface LookupEventsResponse {
  Events?: Event[];
  NextToken?: string;
}

export interface Resource {
  ResourceType?: string;
  ResourceName?: string;
}

export type EventCategory = "insight";

export type LookupAttributeKey = "EventId" | "EventName" | "ReadOnly" | "Username" | "ResourceType" | "ResourceName" | "EventSource" | "AccessKeyId";
